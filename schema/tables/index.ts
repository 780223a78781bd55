export * from './sending';
export * from './tenancy';
