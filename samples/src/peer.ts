/**
 * The caller's identity as the sidecar saw it: the URI of the last element of `x-forwarded-client-cert`, which the
 * nearest proxy wrote. Empty for plaintext.
 * Source: https://www.envoyproxy.io/docs/envoy/latest/configuration/http/http_conn_man/headers#x-forwarded-client-cert
 */
export function peerOf(forwardedClientCert: string | undefined): string {
  const last = split(forwardedClientCert ?? "", ",").at(-1) ?? "";
  const uri = split(last, ";").find((pair) => pair.trim().toLowerCase().startsWith("uri="));
  return uri === undefined ? "" : unquote(uri.trim().slice("uri=".length));
}

/** Splits at a separator that does not stand inside double quotes; `\"` does not end a quote. */
function split(text: string, separator: string): readonly string[] {
  const part = new RegExp(`(?:"(?:\\\\.|[^"\\\\])*"|[^${separator}"])+`, "g");
  return text.match(part) ?? [];
}

function unquote(value: string): string {
  return value.startsWith('"') ? value.slice(1, -1).replaceAll(/\\(.)/g, "$1") : value;
}
