import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { accessLogFormatFault } from "./access-log-format.ts";

describe("a line of the access log", () => {
  const good = [
    "",
    "plain words",
    "100%% %PROTOCOL%",
    "[%START_TIME%] %REQ(X-ENVOY-ORIGINAL-PATH?:PATH):40% %START_TIME(%Y-%m-%d %H:%M:%S)%",
    "%RESPONSE_CODE% %DOWNSTREAM_PEER_URI_SAN%\n",
  ];
  for (const format of good)
    test(`may be ${JSON.stringify(format)}`, () => assert.equal(accessLogFormatFault(format), undefined));

  const bad: Record<string, { format: string; part: string }> = {
    "an operator that Envoy does not know": { format: "%PROTOCOL% %WHO%", part: '"%WHO%"' },
    "an operator without its argument": { format: "%REQ%", part: '"%REQ%"' },
    "an argument where none belongs": { format: "%PROTOCOL(x)%", part: '"%PROTOCOL(x)%"' },
    "a percent sign alone": { format: "100% of it", part: '"% of it"' },
    "an operator that does not end": { format: "%REQ(HOST", part: '"%REQ(HOST"' },
  };
  for (const [name, { format, part }] of Object.entries(bad)) {
    test(`may not have ${name}`, () =>
      assert.ok(accessLogFormatFault(format)?.includes(part), accessLogFormatFault(format)));
  }
});
