export * from './archive';
export * from './sending';
export * from './tenancy';
export * from './webhooks';
