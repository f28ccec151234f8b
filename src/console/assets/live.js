// Keeps the part of the page that is marked `data-live` as the server sends it. Without this script the page shows what was when it was asked for.
const place = document.querySelector('[data-live]')
if (place !== null) {
  const source = new EventSource(place.dataset.live)
  let shown
  // Whose session ended is led to the sign-in, and a page that was refused for another reason comes back.
  source.onerror = () => {
    if (source.readyState === EventSource.CLOSED) setTimeout(() => location.reload(), 30_000)
  }
  source.onmessage = ({ data }) => {
    // What is the same stays, so that whoever stands on a link of it is not thrown off.
    if (data !== shown) place.innerHTML = JSON.parse(data)
    shown = data
  }
}
