import type { BlobLeaseClient } from '@azure/storage-blob'
import { hasStatus } from '../storage/connection.ts'
import type { HostBlobs } from '../storage/host-blobs.ts'

/** The right to listen to one timer, among all hosts of the app. */
export interface HeldLock {
  /** Aborted when the lock is lost: another host may have it now. */
  readonly lost: AbortSignal
  release(): Promise<void>
}

/** @returns `null` while another host has the lock */
export type AcquireLock = () => Promise<HeldLock | null>

// The shortest lease that storage gives, as the real host takes it. A killed host blocks its timers for this long.
const leaseSeconds = 15
const renewMs = 5_000

/** For a host without storage: it is the only one. */
export const soleHost: AcquireLock = async () => ({
  lost: new AbortController().signal,
  release: async () => undefined,
})

/** A lock that is a lease on the blob `locks/<host id>/Host.Functions.<function>.Listener`, as the real host takes it. */
export function blobLock(blobs: HostBlobs, hostId: string, functionName: string): AcquireLock {
  const name = `locks/${hostId}/Host.Functions.${functionName}.Listener`
  return async () => {
    const lease = (await blobs.ensure(name)).getBlobLeaseClient()
    try {
      await lease.acquireLease(leaseSeconds)
    } catch (error) {
      if (hasStatus(error, 409)) return null
      throw error
    }
    return keepLease(lease)
  }
}

function keepLease(lease: BlobLeaseClient): HeldLock {
  const lost = new AbortController()
  let held = performance.now()
  const renewal = setInterval(() => void renew(), renewMs)
  const stop = () => {
    clearInterval(renewal)
    lost.abort()
  }
  const renew = async () => {
    const asked = performance.now()
    try {
      await lease.renewLease()
      held = asked
    } catch (error) {
      const expired = performance.now() - held > leaseSeconds * 1000
      if (expired || hasStatus(error, 404, 409, 412)) stop()
    }
  }
  return {
    lost: lost.signal,
    release: async () => {
      stop()
      // Whether it is given back or runs out by itself makes a difference of seconds only.
      await lease.releaseLease().catch(() => undefined)
    },
  }
}
