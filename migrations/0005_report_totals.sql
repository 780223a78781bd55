DROP TABLE `shard_totals`;
--> statement-breakpoint
CREATE TABLE `shard_reasons` (
	`tenant_id` text NOT NULL,
	`span` text NOT NULL,
	`at` integer NOT NULL,
	`shard` integer NOT NULL,
	`country` text NOT NULL,
	`sender` text NOT NULL,
	`state` text NOT NULL,
	`error` text NOT NULL,
	`messages` integer NOT NULL,
	PRIMARY KEY(`tenant_id`, `span`, `at`, `shard`, `country`, `sender`, `state`, `error`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `shard_totals` (
	`tenant_id` text NOT NULL,
	`span` text NOT NULL,
	`at` integer NOT NULL,
	`shard` integer NOT NULL,
	`country` text NOT NULL,
	`sender` text NOT NULL,
	`accepted` integer NOT NULL,
	`submitted` integer NOT NULL,
	`delivered` integer NOT NULL,
	`failed` integer NOT NULL,
	`expired` integer NOT NULL,
	`rejected` integer NOT NULL,
	`unknown` integer NOT NULL,
	`blocked` integer NOT NULL,
	`cancelled` integer NOT NULL,
	`parts` integer NOT NULL,
	`cost_micros` integer NOT NULL,
	PRIMARY KEY(`tenant_id`, `span`, `at`, `shard`, `country`, `sender`)
) WITHOUT ROWID;
