#!/usr/bin/env bash
# Sends to the pod that reads nothing until its proxy is killed for the memory it takes: fill.sh <namespace>
set -euo pipefail
bash ../../lib/in-pod.sh "$1" client node -e '
  const chunk = Buffer.alloc(8 * 1024 * 1024);
  const sockets = Array.from({ length: 200 }, () => require("node:net").connect(9999, "gulper"));
  for (const socket of sockets) socket.on("error", () => socket.destroy()).once("connect", () => socket.write(chunk));
  const giveUp = setTimeout(() => { console.log("every connection stayed"); process.exit(1); }, 90_000);
  Promise.any(sockets.map((socket) => new Promise((resolve) => socket.once("close", resolve)))).then(() => {
    clearTimeout(giveUp);
    process.exit(0);
  });'
