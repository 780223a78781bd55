CREATE TABLE `legacy_imports` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`tenant_id` text NOT NULL,
	`kind` text NOT NULL,
	`file_name` text NOT NULL,
	`state` text NOT NULL,
	`accepted` integer DEFAULT 0 NOT NULL,
	`known` integer DEFAULT 0 NOT NULL,
	`refused` integer DEFAULT 0 NOT NULL,
	`named` text NOT NULL,
	`started_at` integer NOT NULL,
	`finished_at` integer
);
--> statement-breakpoint
CREATE TABLE `carrier_totals` (
	`at` integer NOT NULL,
	`account_id` text NOT NULL,
	`country` text NOT NULL,
	`shard` integer NOT NULL,
	`waiting` integer NOT NULL,
	`unreceipted` integer NOT NULL,
	`sent` integer NOT NULL,
	`delivered` integer NOT NULL,
	`missed` integer NOT NULL,
	`lags` text NOT NULL,
	PRIMARY KEY(`at`, `account_id`, `country`, `shard`)
) WITHOUT ROWID;
--> statement-breakpoint
ALTER TABLE `keys` ADD `further_accounts` text DEFAULT '[]' NOT NULL;