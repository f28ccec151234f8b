/** Titles that stand before a name; TEUKU, CUT and ANDI are parts of names and not among them. */
export const BEFORE_NAMES = wordSet(
  'H HJ HAJI HAJJAH KH K KI NYI R RR RA RADEN RM TN NN SDR SDRI DRS DRA DR IR PROF TGK DATUK BPK BAPAK IBU',
)

/** Degrees that stand after a name, without their full stops. */
export const AFTER_NAMES = wordSet(
  'SE SH ST MM MH MSI MPD SPD SPDI SAG SKM SKOM SSOS SIP AMD AMDKEB AMKEB MBA SST STR SP SPT SHUT MT MKES SKED',
)

/** Says that the person has died. */
export const LATE = wordSet('ALM ALMH ALMARHUM ALMARHUMAH')

/** Stands before the name of the father. */
export const CHILD_OF = wordSet('BIN BINTI BINTE BT BTE')

/** Whole words for the ways they are shortened or spelled. */
export const ABBREVIATED: ReadonlyMap<string, string> = new Map(
  Object.entries({
    MUHAMAD:
      'MUH MOH MOCH MOHD MHD MUHD MUHAMMAD MUHAMAD MUHAMMED MUHAMED MOHAMAD MOHAMMAD MOCHAMAD MOCHAMMAD MOKHAMAD MOHAMED',
    AHMAD: 'ACH AKH AHM ACHMAD AKHMAD AHMAD AHMED ACHMED',
    ABDUL: 'ABD ABDUL ABDOEL',
    SITI: 'ST STI SITI SITTI',
    NUR: 'NR NUR NOER NOOR',
    DEWI: 'DW DEWI',
    WAYAN: 'WYN WY WAYAN',
    MADE: 'MD MADE',
    NYOMAN: 'NYM NYMN NYOMAN',
    KETUT: 'KT KTT KETUT',
    PUTU: 'PT PUTU',
    KADEK: 'KDK KD KADEK',
    KOMANG: 'KMG KM KOMANG',
    NENGAH: 'NGH NENGAH',
    GEDE: 'GD GDE GEDE',
    NGURAH: 'NGR NGURAH',
    GUSTI: 'GST GUSTI',
    'I GUSTI': 'IGST IGUSTI',
    'IDA BAGUS': 'IB',
    'IDA AYU': 'DAYU',
    'ANAK AGUNG': 'AA',
  }).flatMap(([whole, short]) => short.split(' ').map((word) => [word, whole] as const)),
)

/** The order of birth that a Balinese name states; two records that differ in it are two people. */
export const BIRTH_ORDER: ReadonlyMap<string, number> = new Map(
  ['WAYAN PUTU GEDE LUH', 'MADE KADEK NENGAH', 'NYOMAN KOMANG', 'KETUT'].flatMap((words, order) =>
    words.split(' ').map((word) => [word.replaceAll('Y', 'I'), order] as const),
  ),
)

function wordSet(words: string): ReadonlySet<string> {
  return new Set(words.split(' '))
}

/** The commonest words of Indonesian names, folded: hardly anybody is found by one of them. */
export const COMMON_WORDS = wordSet(
  'MUHAMAD AHMAD ABDUL SITI NUR DEWI SRI I NI IDA AIU BAGUS ANAK AGUNG LUH WAIAN MADE NIOMAN KETUT PUTU KADEK KOMANG NENGAH GEDE NGURAH GUSTI',
)
