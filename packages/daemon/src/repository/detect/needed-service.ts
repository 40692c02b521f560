/** Recognizes in test output that the tests need a server which the sandbox lacks: a refused connection to a well-known port, in any language. Pure. */

const services: Readonly<Record<string, string>> = {
  "1433": "an SQL Server",
  "1521": "an Oracle database",
  "2181": "a ZooKeeper server",
  "2379": "an etcd server",
  "3306": "a MySQL or MariaDB server",
  "4222": "a NATS server",
  "4566": "a LocalStack server",
  "5432": "a PostgreSQL server",
  "5672": "a RabbitMQ server",
  "6379": "a Redis server",
  "7687": "a Neo4j server",
  "8123": "a ClickHouse server",
  "9000": "a MinIO server",
  "9042": "a Cassandra server",
  "9092": "a Kafka broker",
  "9200": "an Elasticsearch server",
  "11211": "a memcached server",
  "26257": "a CockroachDB server",
  "27017": "a MongoDB server",
};
const linesMax = 400;
const lineLengthMax = 1_000;
/** How libraries of many languages report a refused connection, or an unknown host name of a compose file. */
const refused =
  /ECONNREFUSED|connection refused|connect(?:ion)? failed|can(?:no|')t connect|could not connect|unable to connect|failed to connect|no connection could be made|actively refused|NoBrokersAvailable|ENOTFOUND|name or service not known|name resolution|no such host/iu;
/** Matches `127.0.0.1:6379`, `[::1]:5432`, `port 5432`, `localhost', 3306`. */
const portPatterns = [
  /(?:[\w.-]|\])[:](\d{4,5})(?!\d)/gu,
  /\bport[ =:"']{1,3}(\d{4,5})(?!\d)/giu,
  /\blocalhost['"]?, ?(\d{4,5})(?!\d)/giu,
];
const hostPattern = /(?:^|[\s'"(@/])([a-z][a-z0-9.-]{0,60}|\d{1,3}(?:\.\d{1,3}){3}):\d{4,5}(?!\d)/iu;

/** The server that a red command's output says it lacks, as "a Redis server at localhost:6379"; null if it names none. */
export function neededService(output: string): string | null {
  const lines = output.split("\n").slice(-linesMax);
  for (const [index, whole] of lines.entries()) {
    if (!refused.test(whole.slice(0, lineLengthMax))) continue;
    // The address may be on the line before or after the message.
    for (const line of [whole, lines[index + 1] ?? "", lines[index - 1] ?? ""]) {
      const text = line.slice(0, lineLengthMax);
      const port = portPatterns
        .flatMap((pattern) => [...text.matchAll(pattern)])
        .find(([, one = ""]) => one in services);
      const name = services[port?.[1] ?? ""];
      if (name !== undefined) return `${name} at ${hostOf(text)}:${port?.[1]}`;
    }
  }
  return null;
}

function hostOf(text: string): string {
  const host = hostPattern.exec(text)?.[1] ?? "localhost";
  return host === "127.0.0.1" ? "localhost" : host;
}
