CREATE TABLE `legacy_parts` (
	`tenant_id` text NOT NULL,
	`file_hash` text NOT NULL,
	`part` integer NOT NULL,
	`shard` integer NOT NULL,
	`rows` integer NOT NULL,
	`imported_at` integer NOT NULL,
	PRIMARY KEY(`tenant_id`, `file_hash`, `part`)
);
--> statement-breakpoint
CREATE TABLE `legacy_tasks` (
	`tenant_id` text NOT NULL,
	`id` text NOT NULL,
	`user_name` text NOT NULL,
	`name` text NOT NULL,
	`created_at` integer NOT NULL,
	`started_at` integer,
	`state` text NOT NULL,
	`messages` integer NOT NULL,
	`sent` integer NOT NULL,
	`delivered` integer NOT NULL,
	`failed` integer NOT NULL,
	`cost_micros` integer NOT NULL,
	PRIMARY KEY(`tenant_id`, `id`)
);
--> statement-breakpoint
CREATE INDEX `legacy_tasks_created` ON `legacy_tasks` (`tenant_id`,`created_at`);