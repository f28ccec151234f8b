import type { AccessReport } from '../../rights/access/access-shapes.ts'
import { html } from '../../web/html.ts'

type Report = AccessReport
type Part = { title: string; none: string; rows: readonly string[] }

const DATE = new Intl.DateTimeFormat('id-ID', { dateStyle: 'long', timeStyle: 'short', timeZone: 'Asia/Jakarta' })
const STYLE =
  '<style>body{font:16px/1.5 sans-serif;max-width:50rem;margin:2rem auto;padding:0 1rem}li{white-space:pre-wrap}</style>'
const TOLD: Readonly<Record<string, string>> = {
  golden: 'data gabungan',
  merged: 'disatukan dengan catatan lain',
  withdrawn: 'ditarik kembali',
  restricted: 'pemrosesan dibatasi',
  split: 'dipisahkan dari catatan lain',
  moved: 'pindah keluarga atau wilayah',
}

/** A report for the person it is about, as a text to be printed, in Indonesian. */
export function textOfReport(report: Report): string {
  const parts = partsOf(report).map(
    ({ title, none, rows }) =>
      `${title}\n${'-'.repeat(title.length)}\n${(rows.length > 0 ? rows : [none]).join('\n')}\n`,
  )
  return [`LAPORAN AKSES DATA PRIBADI\n${headOf(report)}\n\n${report.notice}\n`, ...parts].join('\n')
}

/** The same as a page that a browser prints. */
export function htmlOfReport(report: Report): string {
  const parts = partsOf(report).map(
    ({ title, none, rows }) =>
      html`<h2>${title}</h2><ul>${(rows.length > 0 ? rows : [none]).map((row) => html`<li>${row}</li>`)}</ul>`,
  )
  const body = html`<h1>Laporan akses data pribadi</h1><p>${headOf(report)}</p><p>${report.notice}</p>${parts}`
  return `<!doctype html><html lang="id"><head><meta charset="utf-8"><title>Laporan akses data pribadi</title>${STYLE}</head><body>${body.markup}</body></html>\n`
}

function headOf({ request, person, made_at }: Report): string {
  return `Permintaan ${request}, nomor tetap ${person}, dibuat ${when(made_at)}`
}

function partsOf(report: Report): Part[] {
  return [
    { title: 'Data Anda yang sudah digabungkan', none: 'Tidak ada.', rows: report.merged.map(fieldText) },
    ...report.records.map((source) => ({
      title: `${source.level === 'keluarga' ? 'Data keluarga' : 'Data Anda'} dari ${source.platform_title} (${source.dataset})`,
      none: 'Tidak ada isi.',
      rows: [
        `Nomor di sumber: ${source.key}`,
        ...(source.received_at === null ? [] : [`Diterima: ${when(source.received_at)}`]),
        ...(source.as_of === null ? [] : [`Menurut keadaan: ${source.as_of}`]),
        ...(source.agreement === null ? [] : [`Perjanjian: ${source.agreement}`]),
        ...(source.purpose ? [`Tujuan: ${source.purpose}`] : []),
        ...source.legal_basis.map((basis) => `Dasar hukum: ${basis}`),
        ...source.fields.map(fieldText),
        ...Object.entries(source.others).map(([name, value]) => `${name}: ${valueText(value)}`),
      ],
    })),
    {
      title: 'Siapa yang melihat data Anda',
      none: 'Belum ada yang tercatat melihatnya.',
      rows: report.seen.map(
        ({ at, by, what, purpose }) => `${when(at)}: ${by}. ${what}${purpose === null ? '' : ` (tujuan: ${purpose})`}`,
      ),
    },
    {
      title: 'Pembacaan data banyak orang, mungkin termasuk Anda',
      none: 'Tidak ada.',
      rows: report.seen_with_others.map(
        ({ by, what, times, first, last }) => `${by}: ${what}, ${times} kali, ${when(first)} sampai ${when(last)}`,
      ),
    },
    {
      title: 'Kepada siapa data Anda dikirim',
      none: 'Belum pernah dikirim.',
      rows: [
        ...report.sent.map(
          ({ to, composed_at, acknowledged_at, told, delivery }) =>
            `${to}, ${when(composed_at)}: ${told.map((kind) => TOLD[kind] ?? kind).join(', ')}; ` +
            `${acknowledged_at === null ? 'belum diterima' : `diterima ${when(acknowledged_at)}`} (${delivery})`,
        ),
        ...report.laid_out.map(({ title, since }) => `${title}: hasil BPS tentang Anda tersedia sejak ${when(since)}`),
      ],
    },
    {
      title: 'Jawaban BPS tentang Anda',
      none: 'Belum ada.',
      rows: report.came_back.map(
        ({ version, as_of, status, applied_at, overtaken_at, said }) =>
          `${version}, keadaan ${as_of}: ${status}, diterima ${when(applied_at)}` +
          `${overtaken_at === null ? '' : `, diganti ${when(overtaken_at)}`}` +
          `${said === null ? ' (isinya sudah dihapus)' : `; ${valueText(said)}`}`,
      ),
    },
  ]
}

function fieldText({ label, value, meaning }: Report['merged'][number]): string {
  return `${label}: ${meaning === null ? value : `${meaning} (${value})`}`
}

function valueText(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : JSON.stringify(value)
}

function when(moment: string): string {
  return `${DATE.format(new Date(moment))} WIB`
}
