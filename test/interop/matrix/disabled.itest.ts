import { runMode } from "./run.ts";

runMode("disabled");
