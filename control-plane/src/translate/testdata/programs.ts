/**
 * Serves HTTP on ports `http=`, HTTP/2 without TLS on `h2=`, and on `grpc=` calls that are answered with two messages; on `tcp=` it greets before it is spoken to, on `echo=` it
 * sends back what it is sent.
 */
export const serverProgram = `
  const [address, ...servers] = process.argv.slice(1);
  const report = (request, response) =>
    response.end(JSON.stringify({
      protocol: request.httpVersion,
      host: request.headers.host ?? request.headers[":authority"],
      peer: request.headers["x-forwarded-client-cert"] ?? "",
      introduction: request.headers["x-meshwright-peer"] ?? "",
      attempt: request.headers["x-envoy-attempt-count"] ?? "",
      from: request.socket.remoteAddress,
    }));
  const make = {
    http: () => require("node:http").createServer(report),
    h2: () => require("node:http2").createServer(report),
    grpc: () => require("node:http2").createServer().on("stream", (stream) => {
      stream.respond({ "content-type": "application/grpc" }, { waitForTrailers: true });
      stream.on("wantTrailers", () => stream.sendTrailers({ "grpc-status": "0" }));
      stream.resume().on("end", () => stream.end(Buffer.from([0, 0, 0, 0, 1, 1, 0, 0, 0, 0, 1, 2])));
    }),
    echo: () => require("node:net").createServer((socket) => socket.on("error", () => {}).pipe(socket)),
    tcp: () => require("node:net").createServer((socket) => socket.on("error", () => {}).end("hello " + socket.remoteAddress)),
  };
  let waiting = servers.length;
  for (const [kind, port] of servers.map((pair) => pair.split("=")))
    make[kind]().listen(Number(port), address, () => --waiting || console.log("listening"));`;

/** Sends a request by HTTP/1.1 and prints the answer's status and body, or why there was none. */
export const httpProgram = `
  const [host, port, name] = process.argv.slice(1);
  const headers = {
    host: name,
    "x-forwarded-client-cert": "URI=spiffe://cluster.local/ns/forged/sa/forged",
    "x-meshwright-peer": "Kg0KCwoBdxIGGgRldmls",
  };
  const request = require("node:http").get({ host, port: Number(port), headers, timeout: 10000 }, async (response) => {
    let body = "";
    for await (const chunk of response) body += chunk;
    console.log(response.statusCode, body);
  });
  request.on("timeout", () => request.destroy(new Error("timed out"))).on("error", (error) => console.log("failed", error.message));`;

/** Sends a request by HTTP/2 without TLS, as gRPC does. */
export const http2Program = `
  const [host, port, name] = process.argv.slice(1);
  const session = require("node:http2").connect("http://" + (host.includes(":") ? "[" + host + "]" : host) + ":" + port).on("error", () => {});
  const stream = session.request({ ":authority": name });
  let status = 0;
  let body = "";
  stream.on("response", (headers) => (status = headers[":status"])).on("data", (chunk) => (body += chunk));
  stream.on("end", () => session.close(() => console.log(status, body))).on("error", (error) => console.log("failed", error.message));`;

/** Makes a gRPC call of three messages and prints its status and how many bytes came back. */
export const grpcProgram = `
  const [host, port, name] = process.argv.slice(1);
  const session = require("node:http2").connect("http://" + host + ":" + port).on("error", () => {});
  const headers = { ":method": "POST", ":path": "/echo.Echo/Stream", ":authority": name, "content-type": "application/grpc", te: "trailers" };
  const stream = session.request(headers);
  let bytes = 0;
  let status = "none";
  stream.on("data", (chunk) => (bytes += chunk.length)).on("trailers", (trailers) => (status = trailers["grpc-status"]));
  stream.on("end", () => session.close(() => console.log(status, bytes))).on("error", (error) => console.log("failed", error.message));
  stream.end(Buffer.from([0, 0, 0, 0, 1, 1, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 1, 3]));`;

/**
 * Sends a request over mesh mTLS without a sidecar, by the certificate in a folder and with a header of its own, and prints
 * the status: a workload of the mesh that does not do what its sidecar would.
 */
export const rogueProgram = `
  const [host, port, folder, serverName, introduction] = process.argv.slice(1);
  const read = (file) => require("node:fs").readFileSync(folder + "/identity/" + file);
  const request = require("node:https").get({
    host, port: Number(port), servername: serverName, cert: read("tls.crt"), key: read("tls.key"), ca: read("ca.crt"),
    checkServerIdentity: () => undefined, headers: { host: "web", "x-meshwright-peer": introduction },
  }, async (response) => {
    let body = "";
    for await (const chunk of response) body += chunk;
    console.log(response.statusCode, body);
  });
  request.on("error", (error) => console.log("failed", error.message));`;

/** Sends requests over one connection of mesh mTLS without a sidecar, each under a name of its own, and prints how many were answered. */
export const floodProgram = `
  const [host, port, folder, serverName, count] = process.argv.slice(1);
  const https = require("node:https");
  const read = (file) => require("node:fs").readFileSync(folder + "/identity/" + file);
  const agent = new https.Agent({ keepAlive: true, maxSockets: 1 });
  const options = {
    host, port: Number(port), servername: serverName, cert: read("tls.crt"), key: read("tls.key"), ca: read("ca.crt"),
    checkServerIdentity: () => undefined, agent,
  };
  let answered = 0;
  const next = (index) => {
    if (index === Number(count)) return agent.destroy() ?? console.log(answered);
    const headers = { host: "web", "x-meshwright-peer": "w" + index + ";a;v;s;r;c" };
    https.get({ ...options, headers }, (response) => {
      if (response.statusCode === 200) answered++;
      response.resume().on("end", () => next(index + 1));
    }).on("error", (error) => console.log("failed", error.message));
  };
  next(0);`;

/** Opens a connection, says nothing, and prints what it is greeted with. */
export const tcpProgram = `
  const [host, port] = process.argv.slice(1);
  let text = "";
  const socket = require("node:net").connect({ host, port: Number(port), timeout: 10000 });
  socket.on("data", (chunk) => (text += chunk)).on("end", () => console.log(text || "closed"));
  socket.on("timeout", () => socket.destroy(new Error("timed out"))).on("error", (error) => console.log("failed", error.message));`;

/** Keeps a connection to an echo busy until its own input ends, then prints how it went. */
export const echoProgram = `
  const [host, port] = process.argv.slice(1);
  let echoes = 0;
  const end = (outcome) => { console.log(outcome, echoes); process.exit(); };
  const socket = require("node:net").connect({ host, port: Number(port) }, () => socket.write("x"));
  socket.on("data", () => {
    if (++echoes === 1) console.log("open");
    setTimeout(() => socket.write("x"), 5);
  });
  socket.on("close", () => end("closed")).on("error", (error) => end("failed " + error.message));
  process.stdin.resume().on("end", () => end("alive"));`;

/** Sends requests over one kept connection until its own input ends, then prints the statuses other than 200. */
export const requestsProgram = `
  const [host, port, name] = process.argv.slice(1);
  const http = require("node:http");
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
  let sent = 0;
  let failures = [];
  const next = () =>
    http.get({ host, port: Number(port), headers: { host: name }, agent }, (response) => {
      if (++sent === 1) console.log("open");
      if (response.statusCode !== 200) failures.push(response.statusCode);
      response.resume().on("end", () => setTimeout(next, 5));
    }).on("error", (error) => { failures.push(error.message); setTimeout(next, 5); });
  next();
  process.stdin.resume().on("end", () => { console.log("failures", JSON.stringify(failures), "of", sent); process.exit(); });`;
