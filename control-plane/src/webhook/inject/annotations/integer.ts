import { invalid, type Parser, valid } from "./parser.ts";

/** A whole number within bounds that both count. */
export function integer(min: number, max: number): Parser<number> {
  return (text) => {
    const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
    return value >= min && value <= max ? valid(value) : invalid(`a whole number from ${min} to ${max}`);
  };
}
