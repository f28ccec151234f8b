// The upload of the portal by tus: it goes on where it stopped. Without this script the form sends the file by itself.
import './tus.min.js'

const { tus } = window
const form = document.getElementById('send')
if (form && tus?.isSupported) begin(form)

function begin(form) {
  const drop = form.querySelector('.drop')
  const input = form.querySelector('input[type=file]')
  const button = form.querySelector('button')
  const progress = document.getElementById('progress')
  // Not those of the form, whose `dataset` is its field of that name.
  const words = progress.dataset
  const bar = progress.querySelector('progress')
  const status = progress.querySelector('[role=status]')
  const headers = { 'x-csrf-token': form.elements.csrf.value }
  drop.querySelector('p').hidden = false

  for (const name of ['dragenter', 'dragover']) drop.addEventListener(name, over)
  for (const name of ['dragleave', 'drop']) drop.addEventListener(name, away)
  drop.addEventListener('drop', (event) => {
    if (event.dataTransfer.files.length > 0) input.files = event.dataTransfer.files
  })
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    const [file] = input.files
    if (file) void send(file)
    else show(words.nothing)
  })

  function over(event) {
    event.preventDefault()
    drop.classList.add('over')
  }

  function away(event) {
    event.preventDefault()
    drop.classList.remove('over')
  }

  function show(text) {
    progress.hidden = false
    status.textContent = text
  }

  async function send(file) {
    button.disabled = true
    show(words.uploading)
    const started = performance.now()
    const upload = new tus.Upload(file, {
      endpoint: words.uploads,
      retryDelays: [0, 1000, 3000, 5000, 10_000, 20_000, 30_000, 60_000],
      headers,
      metadata: { dataset: form.elements.dataset.value, filename: file.name, key: form.elements.key.value },
      removeFingerprintOnSuccess: true,
      onShouldRetry: (error) => {
        const code = error.originalResponse?.getStatus() ?? 0
        const mayPass = code === 0 || code === 409 || code === 423 || code === 429 || code >= 500
        if (mayPass) show(words.paused)
        return mayPass
      },
      onProgress: (sent, total) => {
        bar.value = (100 * sent) / total
        const seconds = ((performance.now() - started) / 1000 / Math.max(sent, 1)) * (total - sent)
        show(`${words.uploading} ${Math.floor(bar.value)} % · ${clock(seconds)} ${words.left}`)
      },
      onError: (error) => fail(problemIn(error.originalResponse?.getBody())),
      onSuccess: () => follow(upload.url),
    })
    const [before] = await upload.findPreviousUploads()
    if (before) upload.resumeFromPreviousUpload(before)
    upload.start()
  }

  /** Waits until the gateway has read the file, and goes to what became of it. */
  async function follow(url) {
    show(words.reading)
    for (;;) {
      const answer = await fetch(url, { headers: { ...headers, accept: 'application/json' } }).catch(() => undefined)
      const upload = answer?.ok ? await answer.json() : undefined
      if (upload?.batch) return go(upload.batch)
      if (upload?.problem) return fail(upload.problem)
      await new Promise((resolve) => setTimeout(resolve, 700))
    }
  }

  function go(batch) {
    const language = words.language ? `?lang=${words.language}` : ''
    window.location.assign(`${words.batches}${batch}${language}`)
  }

  function fail(problem) {
    button.disabled = false
    show(`${words.failed}: ${[problem?.title, problem?.detail].filter(Boolean).join('. ')}`)
  }
}

function problemIn(text) {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function clock(seconds) {
  const whole = Math.ceil(seconds)
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`
}
