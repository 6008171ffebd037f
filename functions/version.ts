declare const __CLOUD_SYNC_VERSION__: string | undefined

/** Version and commit: put into the bundle by `npm run build`; code that runs unbuilt has none. */
export const version =
  typeof __CLOUD_SYNC_VERSION__ === 'undefined' ? 'unbuilt' : __CLOUD_SYNC_VERSION__
