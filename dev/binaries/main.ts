import { createProgress } from "../progress/progress.ts";
import { clusterPrograms } from "./cluster-programs.ts";
import { installDebianPackages } from "./debian.ts";
import { envoyBinary } from "./envoy.ts";

const progress = createProgress(5);
await progress.step("Debian packages", installDebianPackages);
await progress.step("Envoy", envoyBinary);
await clusterPrograms(progress);
