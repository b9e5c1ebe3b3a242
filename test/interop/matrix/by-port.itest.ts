import { runMode } from "./run.ts";

runMode("by port");
