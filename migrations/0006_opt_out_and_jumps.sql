CREATE TABLE `traffic_jumps` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`tenant_id` text NOT NULL,
	`country` text NOT NULL,
	`kind` text NOT NULL,
	`found` integer NOT NULL,
	`usual` integer NOT NULL,
	`raised_at` integer NOT NULL,
	`seen_at` integer NOT NULL,
	`told_at` integer
);
--> statement-breakpoint
CREATE INDEX `traffic_jumps_tenant` ON `traffic_jumps` (`tenant_id`,`seen_at`);--> statement-breakpoint
CREATE TABLE `opt_out_replies` (
	`tenant_id` text PRIMARY KEY NOT NULL,
	`key_id` text NOT NULL,
	`body` text NOT NULL,
	`updated_at` integer NOT NULL
);
