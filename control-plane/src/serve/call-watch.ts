import {
  ResponderBuilder,
  ServerInterceptingCall,
  type ServerInterceptingCallInterface,
  type ServerInterceptor,
  status,
} from "@grpc/grpc-js";
import type { Connections } from "./connections.ts";
import type { RefusalReason } from "./refusal.ts";

type Status = Parameters<ServerInterceptingCallInterface["sendStatus"]>[0];

/** Notes what calls do to their connections, and which of them grpc-js ends on its own. */
export function callWatch(connections: Connections): ServerInterceptor {
  return (_method, call) => {
    const peer = call.getPeer();
    connections.of(peer)?.called();
    let isOurs = false;
    watchStatus(call, (ended) => {
      const reason = isOurs ? undefined : reasonOf(ended);
      if (reason !== undefined) connections.refused(peer, { reason, message: ended.details });
    });
    const responder = new ResponderBuilder()
      .withSendStatus((ended, next) => {
        isOurs = true;
        next(ended);
      })
      .build();
    return new ServerInterceptingCall(call, responder);
  };
}

/** A status that grpc-js sets itself, as for a message over the limit, passes no interceptor: this is the only place to see it. */
function watchStatus(call: ServerInterceptingCallInterface, seen: (ended: Status) => void): void {
  const send = call.sendStatus.bind(call);
  const value = (ended: Status): void => {
    seen(ended);
    send(ended);
  };
  Object.defineProperty(call, "sendStatus", { value });
}

function reasonOf({ code }: Status): RefusalReason | undefined {
  if (code === status.RESOURCE_EXHAUSTED) return "MessageTooLarge";
  if (code === status.INTERNAL || code === status.UNIMPLEMENTED) return "MalformedMessage";
  return undefined;
}
