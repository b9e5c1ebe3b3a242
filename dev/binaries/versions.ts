/** Versions of the programs that the cluster and the images are made of. */
export const versions = {
  envoy: "1.40.0",
  kubernetes: "1.37.2",
  etcd: "3.6.13",
  coredns: "1.15.0",
} as const;
