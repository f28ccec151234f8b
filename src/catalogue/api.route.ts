import { catalogueRoutes } from './catalogue.route.ts'
import { CATALOGUE_SHAPES } from './catalogue-shapes.ts'
import { dictionaryRoutes } from './dictionary/dictionary.route.ts'
import { keysRoutes } from './keys.route.ts'
import { previewRoutes } from './preview.route.ts'

/** Layouts, code lists, and trying a layout out. */
export const CATALOGUE_API = {
  shapes: CATALOGUE_SHAPES,
  routes: [catalogueRoutes, dictionaryRoutes, keysRoutes, previewRoutes],
}
