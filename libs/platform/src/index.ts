export * from './bus/decorators';
export * from './context';
export * from './group-commit';
export * from './logger';
export * from './platform.config';
export * from './settings';
export * from './backoff';
export * from './jobs';
