import type { ContenderName } from "./contender.ts";

/** What of a running control plane is measured after its proxies are configured. */
export const stageNames = ["changes", "churn"] as const;

type Stage = (typeof stageNames)[number];

/** One size of mesh and number of proxies, for one control plane. */
export interface Cell {
  readonly contender: ContenderName;
  readonly services: number;
  readonly proxies: number;
  readonly stages: readonly Stage[];
}

export interface PlanOptions {
  readonly contenders: readonly ContenderName[];
  /** Sizes at which all contenders are compared. */
  readonly services: readonly number[];
  readonly proxies: readonly number[];
  /** More sizes for our own curves. */
  readonly curveServices: readonly number[];
  readonly curveProxies: readonly number[];
  /** What is measured after configuring, where its time has come. */
  readonly stages: readonly Stage[];
}

/** Lists what is measured, smaller meshes first: the mesh only ever grows. */
export function planCells(options: PlanOptions): readonly Cell[] {
  const all = options.contenders.flatMap((contender) => [
    ...compared(options, contender),
    ...(contender === "meshwright" ? curves(options) : []),
  ]);
  return all.toSorted((a, b) => a.services - b.services);
}

/** Changes are measured at the most proxies, churn in the smallest mesh of those compared. The quick istiod differs in these alone. */
function compared(options: PlanOptions, contender: ContenderName): readonly Cell[] {
  const cells = comparedAtAll(options, contender);
  return contender === "istio-quick" ? cells.filter(({ stages }) => stages.includes("churn")) : cells;
}

function comparedAtAll({ services, proxies, stages: wanted }: PlanOptions, contender: ContenderName): readonly Cell[] {
  const [most, smallest] = [Math.max(...proxies), Math.min(...services)];
  const stages = (size: number, number: number): readonly Stage[] => {
    if (number < most) return [];
    return wanted.filter((stage) => stage !== "churn" || size === smallest);
  };
  return services.flatMap((size) =>
    proxies.map((number) => ({ contender, services: size, proxies: number, stages: stages(size, number) })),
  );
}

/** One more size each, everything else as in the comparison. */
function curves({ services, proxies, curveServices, curveProxies, stages }: PlanOptions): readonly Cell[] {
  const [most, smallest] = [Math.max(...proxies), Math.min(...services)];
  const cell = { contender: "meshwright", stages: stages.filter((stage) => stage === "changes") } as const;
  return [
    ...curveServices
      .filter((size) => !services.includes(size))
      .map((size) => ({ ...cell, services: size, proxies: most })),
    ...curveProxies
      .filter((number) => !proxies.includes(number))
      .map((number) => ({ ...cell, services: smallest, proxies: number })),
  ];
}
