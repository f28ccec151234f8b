import Type from 'typebox'
import { FILE_NAME, SUBMISSION_ID, Submission } from '../../engine/submissions/submission-shapes.ts'
import { ref } from '../../io/http/openapi.ts'

export const SubmissionBody = Type.Object(
  {
    replaces: Type.Optional(
      Type.String({
        pattern: SUBMISSION_ID,
        description: 'A committed submission; this one must have one file of each of its datasets',
      }),
    ),
  },
  { $id: 'SubmissionBody', additionalProperties: false },
)

export const CommitBody = Type.Object(
  {
    files: Type.Array(Type.String({ pattern: FILE_NAME }), {
      minItems: 1,
      maxItems: 50,
      uniqueItems: true,
      description: 'The files that it has; anything else is refused',
      examples: [['keluarga.csv', 'anggota.csv']],
    }),
  },
  { $id: 'CommitBody', additionalProperties: false },
)

export const SubmissionPage = Type.Object(
  {
    submissions: Type.Array(ref(Submission)),
    next: Type.Union([Type.String(), Type.Null()], { description: 'Ask with `after` for what follows' }),
  },
  { $id: 'SubmissionPage', additionalProperties: false },
)

/** Shapes of submissions that others point at by name. */
export const SUBMISSION_SHAPES = [Submission, SubmissionBody, CommitBody, SubmissionPage]
