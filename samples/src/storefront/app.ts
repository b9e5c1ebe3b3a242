/** One of the storefront's applications. */
export interface App {
  readonly name: AppName;
  /** Path at which it answers. */
  readonly path: string;
  /** What it contributes to the page. */
  content(version: string): unknown;
  /** Whom a version asks in turn. */
  next(version: string): AppName | undefined;
}

export const appNames = ["web", "catalog", "ratings"] as const;
export type AppName = (typeof appNames)[number];

const products = [
  { id: "lamp", name: "Desk lamp", price: "39.00" },
  { id: "chair", name: "Folding chair", price: "24.50" },
  { id: "kettle", name: "Kettle", price: "31.90" },
];

const stars = { lamp: 4, chair: 3, kettle: 5 };

/** web asks catalog, and catalog asks ratings from its second version on. */
export const apps: Readonly<Record<AppName, App>> = {
  web: { name: "web", path: "/api", content: () => ({}), next: () => "catalog" },
  catalog: {
    name: "catalog",
    path: "/products",
    content: (version) => ({ products, ratingsShownAs: ratingsStyle(version) }),
    next: (version) => (version === "v1" ? undefined : "ratings"),
  },
  ratings: { name: "ratings", path: "/ratings", content: () => ({ stars }), next: () => undefined },
};

/** The versions of catalog differ to the eye, so that a shifted share of traffic shows. */
function ratingsStyle(version: string): "none" | "stars" | "percent" {
  if (version === "v1") return "none";
  return version === "v2" ? "stars" : "percent";
}
