/** The names by which requests reach this machine and do not leave it, as `URL.hostname` has them. */
export const THIS_MACHINE: readonly string[] = ['localhost', '127.0.0.1', '[::1]'];
