import { batchReportRoutes } from './batch/report.route.ts'
import { BatchReport } from './batch/report-shape.ts'
import { batchRowsRoutes } from './batch/rows.route.ts'
import { batchesRoutes } from './batches.route.ts'
import { conservationRoutes } from './conservation.route.ts'
import { findingsRoutes } from './findings.route.ts'
import { queueRoutes } from './queues.route.ts'
import { receiptRoutes } from './receipt.route.ts'
import { reconciliationRoutes } from './reconciliation/reconciliation.route.ts'
import { RECONCILIATION_SHAPES } from './reconciliation/reconciliation-shapes.ts'
import { recordRoutes } from './record.route.ts'
import { RetentionReport, retentionRoutes } from './retention.route.ts'
import { REPORT_SHAPES } from './shapes.ts'

/** The read side: batches, findings, records, and whether the sums close. */
export const REPORTS_API = {
  shapes: [...REPORT_SHAPES, BatchReport, RetentionReport, ...RECONCILIATION_SHAPES],
  routes: [
    batchesRoutes,
    batchReportRoutes,
    batchRowsRoutes,
    findingsRoutes,
    recordRoutes,
    receiptRoutes,
    conservationRoutes,
    reconciliationRoutes,
    retentionRoutes,
    queueRoutes,
  ],
}
