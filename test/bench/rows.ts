import type { Row } from './row.ts'
import { coldStart } from './rows/cold-start.ts'
import { daily } from './rows/daily.ts'
import { dashboard } from './rows/dashboard.ts'
import { firstSync } from './rows/first-sync.ts'
import { noChange } from './rows/no-change.ts'
import { otherStrategies } from './rows/other-strategies.ts'
import { permissions, reusedReadings } from './rows/permissions.ts'
import { planning } from './rows/planning.ts'
import { scaling } from './rows/scaling.ts'
import { slices } from './rows/slices.ts'
import { tables } from './rows/tables.ts'

/** The rows of the table, in its order. */
export const rows: readonly Row[] = [
  firstSync,
  noChange,
  permissions,
  reusedReadings,
  daily,
  scaling,
  planning,
  tables,
  coldStart,
  dashboard,
  slices,
  otherStrategies,
]
