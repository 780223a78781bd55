export * from './alerts';
export * from './archive';
export * from './legacy';
export * from './operators';
export * from './reports';
export * from './sending';
export * from './tenancy';
export * from './webhooks';
