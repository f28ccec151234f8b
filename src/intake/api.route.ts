import { resultUploadRoutes } from './results.route.ts'
import { partRoutes } from './submissions/parts.route.ts'
import { SUBMISSION_SHAPES } from './submissions/submission-bodies.ts'
import { submissionRoutes } from './submissions/submissions.route.ts'
import { batchRoutes } from './submit.route.ts'
import { ResumableUpload } from './uploads/upload-view.ts'
import { uploadRoutes } from './uploads/uploads.route.ts'

/** Taking batches in, or only checking them; also those of BPS. */
export const INTAKE_API = {
  shapes: [...SUBMISSION_SHAPES, ResumableUpload],
  routes: [batchRoutes, resultUploadRoutes, submissionRoutes, partRoutes, uploadRoutes],
}
