/** Renders a moment as `MicroTime`: RFC 3339 with six digits of a second, of which a Date has three. */
export function microTime(date: Date): string {
  return date.toISOString().replace("Z", "000Z");
}
