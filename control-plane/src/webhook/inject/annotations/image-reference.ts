import { matching } from "./parser.ts";

/** Source: https://pkg.go.dev/github.com/distribution/reference */
export const parseImageReference = matching(
  /^(?!.{513})[a-z0-9][a-zA-Z0-9._-]*(:\d{1,5})?(\/[a-z0-9][a-z0-9._-]*)*(:[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127})?(@sha256:[a-f0-9]{64})?$/,
  'an image, as "registry.example/proxy:v1"',
);
