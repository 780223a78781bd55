CREATE TABLE `archive_cells` (
	`tenant_id` text NOT NULL,
	`dataset` text NOT NULL,
	`country` text NOT NULL,
	`state` text NOT NULL,
	`sender` text NOT NULL,
	`shard` integer NOT NULL,
	`revision` integer NOT NULL,
	`messages` integer NOT NULL,
	`members` text NOT NULL,
	PRIMARY KEY(`tenant_id`, `dataset`, `country`, `state`, `sender`, `shard`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE INDEX `archive_cells_shard` ON `archive_cells` (`shard`);--> statement-breakpoint
CREATE TABLE `number_indexes` (
	`file` text PRIMARY KEY NOT NULL,
	`tenant_id` text NOT NULL,
	`dataset` text NOT NULL,
	`tier` integer NOT NULL,
	`entries` integer NOT NULL,
	`shards` text NOT NULL,
	`from_at` integer NOT NULL,
	`until_at` integer NOT NULL,
	`remove_at` integer
);
--> statement-breakpoint
CREATE INDEX `number_indexes_tenant` ON `number_indexes` (`tenant_id`,`dataset`,`remove_at`,`tier`);--> statement-breakpoint
CREATE INDEX `number_indexes_remove` ON `number_indexes` (`remove_at`);--> statement-breakpoint
-- Files of the old format cannot be read any more, and the rows of sealed shards lie in them alone: where there are any, nothing is migrated.
CREATE TABLE `no_archive_files_of_the_old_format` (`files` integer NOT NULL CHECK (`files` = 0));--> statement-breakpoint
INSERT INTO `no_archive_files_of_the_old_format` SELECT count(*) FROM `archive_files`;--> statement-breakpoint
DROP TABLE `no_archive_files_of_the_old_format`;--> statement-breakpoint
DROP TABLE `archive_files`;--> statement-breakpoint
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
	`members` text NOT NULL,
	`numbers` text NOT NULL,
	`patches` integer DEFAULT 0 NOT NULL,
	`sealed_at` integer NOT NULL,
	`folded_at` integer
);
--> statement-breakpoint
CREATE INDEX `archive_files_tenant` ON `archive_files` (`tenant_id`,`dataset`,`until_at`);--> statement-breakpoint
CREATE INDEX `archive_files_patches` ON `archive_files` (`patches`);--> statement-breakpoint
CREATE INDEX `archive_files_numbers` ON `archive_files` (`numbers`);
