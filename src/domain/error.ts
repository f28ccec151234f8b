export type ErrorSpec = { status: number; retry: boolean; id: string; en: string }

/** Every way a request or a job can fail as a whole. How it is answered (status, retry) depends on the code alone, not on who catches it. */
export const ERRORS = {
  'bad-request': {
    status: 400,
    retry: false,
    id: 'Permintaan tidak sesuai kontrak',
    en: 'The request does not fit the contract',
  },
  'token-missing': { status: 401, retry: false, id: 'Token akses tidak ada', en: 'The access token is missing' },
  'token-invalid': { status: 401, retry: false, id: 'Token akses tidak sah', en: 'The access token is not valid' },
  'client-invalid': {
    status: 401,
    retry: false,
    id: 'Klien atau rahasianya tidak sah',
    en: 'The client or its secret is not valid',
  },
  'scope-missing': {
    status: 403,
    retry: false,
    id: 'Token tidak memuat izin yang diperlukan',
    en: 'The token lacks the scope this needs',
  },
  'agreement-missing': {
    status: 403,
    retry: false,
    id: 'Tidak ada perjanjian yang berlaku untuk dataset ini',
    en: 'No agreement in force covers this dataset',
  },
  'not-found': { status: 404, retry: false, id: 'Tidak ditemukan', en: 'Not found' },
  'dataset-unknown': { status: 404, retry: false, id: 'Dataset tidak dikenal', en: 'The dataset is unknown' },
  'programme-unknown': { status: 404, retry: false, id: 'Program tidak dikenal', en: 'The programme is unknown' },
  'programme-not-in-force': {
    status: 409,
    retry: false,
    id: 'Program tidak berlaku pada hari ini',
    en: 'The programme is not in force today',
  },
  'list-making': {
    status: 503,
    retry: true,
    id: 'Daftar calon sedang dibuat; ulangi permintaan, pembuatannya dilanjutkan',
    en: 'The list of candidates is being made; ask again, the making goes on',
  },
  'list-renewed': {
    status: 410,
    retry: false,
    id: 'Daftar calon sudah diganti dengan yang baru: baca lagi dari awal',
    en: 'The list of candidates was replaced by a newer one: read it again from its beginning',
  },
  'region-outside': {
    status: 403,
    retry: false,
    id: 'Wilayah ini di luar cakupan platform',
    en: 'This region lies outside what the platform may speak for',
  },
  'rule-invalid': {
    status: 422,
    retry: false,
    id: 'Syarat yang diubah tidak dapat dibaca',
    en: 'The changed rule cannot be read',
  },
  'method-not-allowed': { status: 405, retry: false, id: 'Metode tidak diizinkan', en: 'The method is not allowed' },
  'not-acceptable': {
    status: 406,
    retry: false,
    id: 'Tidak ada bentuk jawaban yang diterima oleh header Accept',
    en: 'No form of the answer is acceptable by the Accept headers',
  },
  'precondition-failed': {
    status: 412,
    retry: false,
    id: 'Syarat If-Match tidak terpenuhi',
    en: 'The condition of If-Match does not hold',
  },
  'expectation-failed': {
    status: 417,
    retry: false,
    id: 'Harapan di header Expect tidak dikenal',
    en: 'The expectation in the Expect header is not known',
  },
  'coding-unknown': {
    status: 501,
    retry: false,
    id: 'Pengodean transfer tidak dikenal',
    en: 'The transfer coding is not known',
  },
  'key-running': {
    status: 409,
    retry: true,
    id: 'Kiriman pertama dengan kunci ini masih berjalan',
    en: 'The first upload with this key is still running',
  },
  'feed-renewed': {
    status: 410,
    retry: false,
    id: 'Umpan paket dimulai ulang setelah basis data dipulihkan: baca lagi dari after=0, paket yang sudah ada dikenali dari nomornya',
    en: 'The feed of deliveries began anew after a restore of the database: read it again from after=0, known deliveries by their ids',
  },
  'receipt-pending': {
    status: 409,
    retry: true,
    id: 'Tanda terima belum ada: kiriman belum selesai, atau tanda terimanya sedang dibuat',
    en: 'There is no receipt yet: the batch is not settled, or its receipt is being made',
  },
  'lease-lost': {
    status: 409,
    retry: false,
    id: 'Paket ini sudah dipinjam penarik lain: buang salinannya, jangan diakui',
    en: 'Another puller has this delivery on lease by now: drop it and do not acknowledge it',
  },
  'delivery-leased': {
    status: 409,
    retry: true,
    id: 'Paket ini sedang dipinjam: akui dengan nomor pinjamannya, atau tunggu sampai berakhir',
    en: 'This delivery is on lease: acknowledge it with the lease, or wait until that ends',
  },
  'delivery-unverified': {
    status: 502,
    retry: false,
    id: 'Paket tidak lolos pemeriksaan digest, tanda tangan, jumlah, atau rantainya: jangan dipakai',
    en: 'The delivery fails the check of digest, signature, counts or chain: do not use it',
  },
  'snapshot-gone': {
    status: 410,
    retry: false,
    id: 'Keadaan pada tanggal itu tidak dapat dibentuk lagi: sebagian paketnya sudah melewati masa simpan',
    en: 'How things stood on that date can no longer be told: deliveries of it are past retention',
  },
  'batch-pending': {
    status: 409,
    retry: true,
    id: 'Belum semua data kiriman ini selesai dikaitkan: batalkan dulu, atau tunggu',
    en: 'Not all records of this batch are linked yet: abort it first, or wait',
  },
  'batch-linked': {
    status: 409,
    retry: false,
    id: 'Semua data kiriman ini sudah dikaitkan: tarik kembali kirimannya',
    en: 'All records of this batch are linked already: withdraw it instead',
  },
  'batch-not-pushed': {
    status: 409,
    retry: false,
    id: 'Hanya kiriman data yang dapat dibatalkan atau ditarik kembali',
    en: 'Only a pushed batch can be aborted or withdrawn',
  },
  'snapshot-decided': {
    status: 409,
    retry: false,
    id: 'Kiriman ini bukan snapshot yang sedang ditahan',
    en: 'This batch is no snapshot that is held',
  },
  'review-closed': {
    status: 409,
    retry: false,
    id: 'Peninjauan ini sudah diputuskan',
    en: 'This review is decided already',
  },
  'second-steward': {
    status: 409,
    retry: false,
    id: 'Pendapat kedua harus dari wali data lain',
    en: 'The second opinion has to be another steward’s',
  },
  'webhook-address': {
    status: 422,
    retry: false,
    id: 'Alamat webhook tidak dapat dipakai: harus https publik pada port 443 atau di atas 1023, tanpa kata sandi dan tanpa #',
    en: 'The address cannot be a webhook’s: it must be public https, on port 443 or above 1023, without password and #',
  },
  'webhooks-too-many': {
    status: 409,
    retry: false,
    id: 'Jumlah webhook platform ini sudah mencapai batas: hapus satu lebih dulu',
    en: 'This platform has as many webhooks as it may: remove one first',
  },
  'webhook-disabled': {
    status: 409,
    retry: false,
    id: 'Webhook ini dinonaktifkan: aktifkan lagi dengan PUT, lalu ulangi',
    en: 'This webhook is disabled: enable it by PUT, then ask again',
  },
  'body-too-large': { status: 413, retry: false, id: 'Kiriman terlalu besar', en: 'The body is too large' },
  'header-too-large': {
    status: 431,
    retry: false,
    id: 'Header permintaan terlalu besar',
    en: 'The request headers are too large',
  },
  'request-slow': { status: 408, retry: true, id: 'Permintaan terlalu lambat', en: 'The request came too slowly' },
  'type-unsupported': {
    status: 415,
    retry: false,
    id: 'Jenis isi tidak didukung',
    en: 'The content type is not supported',
  },
  'encoding-unsupported': {
    status: 415,
    retry: false,
    id: 'Pengodean isi tidak didukung',
    en: 'The content encoding is not supported',
  },
  'key-missing': { status: 400, retry: false, id: 'Idempotency-Key wajib diisi', en: 'Idempotency-Key is required' },
  'key-reused': {
    status: 422,
    retry: false,
    id: 'Kunci ini sudah dipakai untuk isi lain',
    en: 'This key was used for another payload',
  },
  'digest-invalid': {
    status: 400,
    retry: false,
    id: 'Content-Digest tidak dapat dibaca',
    en: 'Content-Digest cannot be read',
  },
  'digest-mismatch': {
    status: 400,
    retry: false,
    id: 'Isi tidak cocok dengan Content-Digest',
    en: 'The body does not match its Content-Digest',
  },
  'body-empty': { status: 400, retry: false, id: 'Kiriman kosong', en: 'The body is empty' },
  'body-broken': {
    status: 400,
    retry: false,
    id: 'Kiriman terputus atau rusak',
    en: 'The body is truncated or damaged',
  },
  'body-bomb': {
    status: 413,
    retry: false,
    id: 'Isi terkompresi mengembang melampaui batas',
    en: 'The compressed body expands beyond the limit',
  },
  'entries-stuck': {
    status: 422,
    retry: false,
    id: 'Beberapa data menghabiskan waktu atau memori pemeriksaan; periksa jumlah anggota dan isinya',
    en: 'Several records used up the time or memory that a record may take; look at their members and contents',
  },
  'body-form': {
    status: 422,
    retry: false,
    id: 'Isi berkas bukan teks dalam bentuk yang dinyatakan',
    en: 'The body is no text of the form that was declared',
  },
  'csv-header': {
    status: 422,
    retry: false,
    id: 'Baris judul CSV tidak sesuai dengan dataset',
    en: 'The CSV header does not fit the dataset',
  },
  'too-many': { status: 429, retry: true, id: 'Terlalu banyak permintaan', en: 'Too many requests' },
  internal: { status: 500, retry: true, id: 'Kesalahan pada gerbang', en: 'The gateway failed' },
  'receiver-silent': { status: 502, retry: true, id: 'Penerima tidak menjawab', en: 'The receiver did not answer' },
  'receiver-refused': { status: 502, retry: true, id: 'Penerima menolak', en: 'The receiver refused' },
  unavailable: {
    status: 503,
    retry: true,
    id: 'Layanan sedang tidak tersedia',
    en: 'The service is not available now',
  },
  'config-invalid': { status: 500, retry: false, id: 'Pengaturan tidak sah', en: 'The configuration is not valid' },
  'key-ring-invalid': {
    status: 500,
    retry: false,
    id: 'Kunci tidak ada atau tidak aman',
    en: 'The keys are missing or not safe',
  },
  'keys-outdated': {
    status: 503,
    retry: true,
    id: 'Kunci proses ini sudah usang: muat ulang kunci',
    en: 'This process has an older key ring than the one that data was sealed under: give it the new one',
  },
  'sealed-invalid': {
    status: 500,
    retry: false,
    id: 'Data tersegel tidak dapat dibuka',
    en: 'Sealed data cannot be opened',
  },
  'registry-invalid': {
    status: 500,
    retry: false,
    id: 'Registri dataset tidak sah',
    en: 'The dataset registry is not valid',
  },
  'server-unsafe': {
    status: 500,
    retry: false,
    id: 'Server data tidak aman untuk dipakai',
    en: 'A data server is not safe to use',
  },
  'port-taken': { status: 500, retry: false, id: 'Port sudah dipakai', en: 'The port is taken' },
} as const satisfies Record<string, ErrorSpec>

export type ErrorCode = keyof typeof ERRORS
/** A place in the request and what is wrong there; never the value. */
export type ErrorPlace = { pointer: string; code: string }

/** A failure of a whole request, job or start. The message is for operators and never holds a personal value. */
export class TitianError extends Error {
  readonly code: ErrorCode
  readonly places: ErrorPlace[]
  readonly retryAfterSeconds: number | undefined
  /** What would have been taken in place of an unsupported type or encoding. */
  readonly accepts: readonly string[] | undefined

  constructor(
    code: ErrorCode,
    message?: string,
    extra: { cause?: unknown; places?: ErrorPlace[]; retryAfterSeconds?: number; accepts?: readonly string[] } = {},
  ) {
    super(message ?? ERRORS[code].en, { cause: extra.cause })
    this.code = code
    this.places = extra.places ?? []
    this.retryAfterSeconds = extra.retryAfterSeconds
    this.accepts = extra.accepts
  }
}
