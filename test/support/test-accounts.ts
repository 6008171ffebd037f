/** How many storage accounts the suite's emulator has for tests whose tables and queue must not meet. */
export const testAccounts = 500
