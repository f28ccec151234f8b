// Records are kept by these places: append here, never move or take away. A test holds them, and asks for every canonical variable.
const NAMES = `
  kode_provinsi provinsi kode_kabupaten_kota kabupaten_kota kode_kecamatan kecamatan kode_kelurahan_desa
  kelurahan_desa alamat nomor_kartu_keluarga jumlah_anggota_keluarga nama_anggota_keluarga desil_nasional pbi_nas
  pbi_pemda id_pelanggan_pln status_kepemilikan_rumah jenis_lantai_terluas luas_lantai jenis_dinding_terluas
  jenis_atap_terluas sumber_air_minum_utama sumber_penerangan_utama daya_terpasang bahan_bakar_utama_memasak
  fasilitas_bab jenis_kloset pembuangan_akhir_tinja kepemilikan_aset aset_bergerak_tabung_gas
  aset_bergerak_lemari_es aset_bergerak_ac aset_bergerak_pemanas_air aset_bergerak_telepon_rumah
  aset_bergerak_tv_datar aset_bergerak_emas_perhiasan aset_bergerak_komputer_laptop_tablet
  aset_bergerak_sepeda_motor aset_bergerak_sepeda aset_bergerak_mobil aset_bergerak_perahu
  aset_bergerak_kapal_perahu_motor aset_bergerak_smartphone aset_tidak_bergerak_lahan_lainnya
  aset_tidak_bergerak_rumah_lainnya jumlah_ternak_sapi jumlah_ternak_kerbau jumlah_ternak_kuda jumlah_ternak_babi
  jumlah_ternak_kambing_domba desil_provinsi desil_kabupaten_kota kode_sls_non_sls kode_sub_sls nama_sls_non_sls
  no_urut_bangunan_tinggal no_urut_keluarga_verif status_keluarga kode_landmark_wilkerstat kd_kk tanggal_pendataan
  nama_ppl kode_ppl tanggal_pemeriksaan nama_pml kode_pml kd_hasil_pendataan_keluarga nama_responden no_hp_responden
  kd_sertiv_lahan_milik kd_jarak_sumber_air_ke_tpl kd_daya_terpasang2 kd_daya_terpasang3 kd_bss_bnpt bulan_bss_bnpt
  tahun_bss_bnpt kd_pkh bulan_pkh tahun_pkh kd_blt_dana_desa bulan_blt_dana_desa tahun_blt_dana_desa
  kd_subsidi_listrik bulan_subsidi_listrik tahun_subsidi_listrik kd_bantuan_pemda bulan_bantuan_pemda
  tahun_bantuan_pemda kd_subsidi_pupuk bulan_subsidi_pupuk tahun_subsidi_pupuk kd_subsidi_lpg bulan_subsidi_lpg
  tahun_subsidi_lpg kd_internet_sebulan kd_rek_aktif nomor_induk_kependudukan nama tanggal_lahir jenis_kelamin
  status_hubungan_keluarga status_kawin partisipasi_sekolah jenjang_tertinggi_yang_diduduki
  kelas_tertinggi_yang_diduduki ijazah_tertinggi_yang_dimiliki status_bekerja lapangan_usaha_dari_pekerjaan_utama
  status_dalam_pekerjaan_utama kepemilikan_usaha jumlah_usaha lapangan_usaha_dari_usaha_utama
  jumlah_pekerja_yang_dibayar_dari_usaha_utama jumlah_pekerja_yang_tidak_dibayar_dari_usaha_utama omzet_usaha_utama
  kondisi_gizi penglihatan pendengaran berjalan_atau_naik_tangga menggunakan_tangan_jari
  belajar_kemampuan_intelektual pengendalian_perilaku berbicara_komunikasi mengurus_diri mengingat_berkonsentrasi
  kesedihan_depresi penyakit_kronis kode_provinsi_ktp provinsi_ktp kode_kabupaten_kota_ktp kabupaten_kota_ktp
  kode_kecamatan_ktp kecamatan_ktp kode_kelurahan_desa_ktp kelurahan_desa_ktp rt_ktp rw_ktp dusun_ktp alamat_ktp
  pekerjaan_ktp pendidikan_akhir_ktp no_urut_anggota kd_ket_keberadaan_art umur kd_status_kehamilan kd_punya_kartuid
  jumlah_jam_kerja_seminggu_lalu tulis_lapangan_usaha_pekerjaan kd_punya_npwp tulis_lapangan_usaha_dr_usaha
  kd_kepemilikan_ijin_usaha kd_guna_internet_usaha kd_memiliki_perawat kd_jamkes_setahun kd_ikut_prakerja
  kd_ikut_kur kd_ikut_umi kd_ikut_pip jumlah_jamket_kerja
  tempat_lahir rt rw
`
  .trim()
  .split(/\s+/)

// What stands around the fields of nearly every record. It comes first, so nothing can be appended to it.
const FRAMES = [
  '{"path":"',
  '"village":"',
  '"address":"',
  '"level":"individu","key":"',
  '"level":"keluarga","key":"',
  '"fields":{',
  '"extensions":{',
  '"candidates":{',
  '"findings":{',
  '"inferred":["',
  '"asOf":"',
  '"household":{"scheme":"',
  '","key":"',
]

/** Texts that records repeat, each known by its place. */
export const DICTIONARY: readonly string[] = [...FRAMES, ...NAMES.map((name) => `"${name}":`)]
