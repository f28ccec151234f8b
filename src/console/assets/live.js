// Keeps the part of the page that is marked `data-live` as the server sends it. Without this script the page shows what was when it was asked for.
const place = document.querySelector('[data-live]')
if (place !== null) {
  const source = new EventSource(place.dataset.live)
  source.onmessage = ({ data }) => {
    place.innerHTML = JSON.parse(data)
  }
}
