import { runMode } from "./run.ts";

runMode("registry only");
