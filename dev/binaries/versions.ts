/** Versions of the programs that the cluster and the images are made of, and of what benchmarks measure beside them. */
export const versions = {
  envoy: "1.40.0",
  kubernetes: "1.37.2",
  etcd: "3.6.13",
  coredns: "1.15.0",
  /** A commit of Istio 1.31. */
  istio: "0.0.0-20260827124520-eed52ebb66ad",
} as const;
