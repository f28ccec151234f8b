import type { ErrorSpec } from './spec.ts'

/** Refusals of submissions and of uploads that resume. */
export const UPLOAD_REFUSALS = {
  'submission-closed': {
    status: 409,
    retry: false,
    id: 'Rangkaian kiriman ini sudah ditutup: buka yang baru',
    en: 'This submission is closed: open another one',
  },
  'submission-open': {
    status: 409,
    retry: false,
    id: 'Hanya rangkaian kiriman yang sudah disahkan yang dapat digantikan',
    en: 'Only a submission that was committed can be replaced',
  },
  'submission-differs': {
    status: 409,
    retry: false,
    id: 'Berkas yang disebut tidak sama dengan yang sudah diterima: kirim yang kurang, atau hapus yang lebih',
    en: 'The files named are not those that were received: send what is missing, or remove what is too many',
  },
  'file-differs': {
    status: 422,
    retry: false,
    id: 'Berkas dengan nama ini sudah ada untuk dataset lain: hapus dahulu, atau pakai nama lain',
    en: 'A file of this name is here for another dataset: remove it first, or take another name',
  },
  'offset-differs': {
    status: 409,
    retry: false,
    id: 'Unggahan ini tidak berlanjut dari byte itu: tanyakan Upload-Offset dengan HEAD, lalu lanjutkan dari sana',
    en: 'The upload does not go on from this byte: ask for Upload-Offset by HEAD, and go on from there',
  },
  'upload-gone': {
    status: 410,
    retry: false,
    id: 'Unggahan ini sudah berakhir: mulai lagi',
    en: 'This upload has ended: begin anew',
  },
  'protocol-version': {
    status: 412,
    retry: false,
    id: 'Versi protokol tus tidak didukung: kirim Tus-Resumable: 1.0.0',
    en: 'The version of the tus protocol is not supported: send Tus-Resumable: 1.0.0',
  },
  'csv-header': {
    status: 422,
    retry: false,
    id: 'Baris judul CSV tidak sesuai dengan dataset',
    en: 'The CSV header does not fit the dataset',
  },
} as const satisfies Record<string, ErrorSpec>
