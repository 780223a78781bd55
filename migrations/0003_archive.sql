CREATE TABLE `archive_files` (
	`shard` integer PRIMARY KEY NOT NULL,
	`tenant_id` text NOT NULL,
	`dataset` text NOT NULL,
	`file` text NOT NULL,
	`revision` integer NOT NULL,
	`rows` integer NOT NULL,
	`bytes` integer NOT NULL,
	`from_at` integer NOT NULL,
	`until_at` integer NOT NULL,
	`tally` text NOT NULL,
	`members` text NOT NULL,
	`patches` integer DEFAULT 0 NOT NULL,
	`sealed_at` integer NOT NULL,
	`folded_at` integer
);
--> statement-breakpoint
CREATE INDEX `archive_files_tenant` ON `archive_files` (`tenant_id`,`dataset`,`until_at`);--> statement-breakpoint
CREATE INDEX `archive_files_patches` ON `archive_files` (`patches`);--> statement-breakpoint
ALTER TABLE `shards` ADD `dataset` text DEFAULT 'current' NOT NULL;