import { runMode } from "./run.ts";

runMode("strict");
