/** Token of the name of the service that a process runs: its consumer group, its log lines, its health answer. */
export const SERVICE_NAME = Symbol('SERVICE_NAME');
