import { runMode } from "./run.ts";

runMode("permissive");
