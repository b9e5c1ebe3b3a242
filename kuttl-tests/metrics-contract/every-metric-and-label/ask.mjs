/** Asks Prometheus, at the address FORWARDED, and returns the labels of each series of the answer. */
export async function ask(query) {
  const url = new URL(`http://${process.env.FORWARDED}/api/v1/query`);
  url.searchParams.set("query", query);
  const answer = await (await fetch(url)).json();
  if (answer.status !== "success") throw new Error(`cannot ask "${query}": ${JSON.stringify(answer)}`);
  return answer.data.result.map(({ metric }) => metric);
}
