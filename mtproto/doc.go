// Package mtproto speaks MTProto 2.0 over TCP in both roles, client and server.
//
// It carries requests, results and updates as raw TL bytes and knows nothing
// of the API's schema: of what crosses the wire it reads only MTProto's own
// service messages (containers, acks, salts, pings, rpc_result, gzip_packed).
//
//   - [Connect] gives a [Conn]: one session with one data centre. [Conn.Call]
//     sends one request, [Conn.Batch] many. Requests that are ready together
//     leave in one msg_container with the pending acks; a lone one leaves at
//     once.
//   - [Conn.Chain] is a pipeline: requests executed in the order in which they
//     are given, several on their way at once (invokeAfterMsg).
//   - A Conn outlives its connections. After a loss it connects again with the
//     session kept, asks what became of the requests on their way
//     (msgs_state_req), and sends again what did not arrive. What may have been
//     executed is sent again only if its [Request] says that this does no harm;
//     else its outcome is [Unknown].
//   - [Server] answers the other end: key exchange, sessions, the checks that
//     a real server makes of what clients send, answers packed as they came.
//
// Both roles stand on the same framing (every TCP transport of
// https://core.telegram.org/mtproto/mtproto-transports, [Transport]), the same
// sealing (https://core.telegram.org/mtproto/description) and the same packing.
//
// Where the protocol is quoted in this package, the sources are the pages
// description, auth_key, service_messages, service_messages_about_messages and
// security_guidelines under https://core.telegram.org/mtproto.
package mtproto
