import { Histogram, type HistogramConfiguration } from "prom-client";

export type TalliedConfiguration<Label extends string> = Omit<
  HistogramConfiguration<Label>,
  "collect" | "enableExemplars" | "buckets"
> & {
  /** Upper bounds, ascending. */
  readonly buckets: readonly number[];
};

/** Takes a value of one series. */
export type Observe = (value: number) => void;

type Labels<Label extends string> = Readonly<Record<Label, string>>;

/** As prom-client hands them to its registry. */
interface Exported {
  readonly labels: Readonly<Record<string, string | number>>;
  readonly sharedLabels: Readonly<Record<string, string>>;
  readonly value: number;
  readonly metricName: string;
}

/**
 * A histogram for what happens thousands of times a second. prom-client's own finds the series by a text of its labels and
 * the bucket by a text of its bound, for each value; this one adds to an array, and makes the texts when it is scraped.
 */
export class TalliedHistogram<Label extends string = never> extends Histogram<Label> {
  readonly #name: string;
  readonly #help: string;
  readonly #buckets: readonly number[];
  readonly #series: Series[] = [];

  constructor(configuration: TalliedConfiguration<Label>) {
    super({ ...configuration, buckets: [...configuration.buckets] });
    this.#name = configuration.name;
    this.#help = configuration.help;
    this.#buckets = configuration.buckets;
  }

  /** Begins a series, which is exported from then on; to be called once for the same labels. */
  series(labels: Labels<Label>): Observe {
    const series = new Series(labels, this.#buckets);
    this.#series.push(series);
    return (value) => series.add(value);
  }

  /** What prom-client's registry asks for, and `get` too. */
  async getForPromString() {
    const values = this.#series.flatMap((series) => series.exported(this.#name));
    return { name: this.#name, help: this.#help, type: "histogram", values, aggregator: "sum" } as const;
  }
}

/** The tally of one combination of labels. */
class Series {
  readonly #labels: Readonly<Record<string, string>>;
  readonly #bounds: readonly number[];
  readonly #counts: Float64Array;
  #sum = 0;

  constructor(labels: Readonly<Record<string, string>>, bounds: readonly number[]) {
    this.#labels = labels;
    this.#bounds = bounds;
    this.#counts = new Float64Array(bounds.length + 1);
  }

  add(value: number): void {
    let bucket = 0;
    while (value > (this.#bounds[bucket] ?? Number.POSITIVE_INFINITY)) bucket++;
    this.#counts[bucket] = (this.#counts[bucket] ?? 0) + 1;
    this.#sum += value;
  }

  /** A bucket counts what is in those below it too. */
  exported(name: string): readonly Exported[] {
    let count = 0;
    const buckets = [...this.#bounds, "+Inf"].map((le, index) => {
      count += this.#counts[index] ?? 0;
      return this.#value(`${name}_bucket`, count, { le });
    });
    return [...buckets, this.#value(`${name}_sum`, this.#sum), this.#value(`${name}_count`, count)];
  }

  #value(metricName: string, value: number, labels: Exported["labels"] = {}): Exported {
    return { labels, sharedLabels: this.#labels, value, metricName };
  }
}

/** Begins the series of a label's value when it comes for the first time. */
export function byLabel<Value extends string>(begin: (value: Value) => Observe): (label: Value, value: number) => void {
  const known = new Map<Value, Observe>();
  return (label, value) => {
    let observe = known.get(label);
    if (observe === undefined) {
      observe = begin(label);
      known.set(label, observe);
    }
    observe(value);
  };
}
