/** What `dev/images/process.Dockerfile` starts Node with, as far as it changes what is measured. */
export const processFlags: readonly string[] = ["--max-semi-space-size=4"];
