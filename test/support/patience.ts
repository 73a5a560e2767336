// Services start from their sources: a matter of seconds, on a busy machine of many; and those of a hook that was not
// waited for would answer the next file. `testTimeout` of a project is read by nobody: Jest goes by that of the whole run.
jest.setTimeout(90_000);
