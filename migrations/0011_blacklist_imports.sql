CREATE TABLE `blacklist_imports` (
	`id` text PRIMARY KEY NOT NULL,
	`tenant_id` text NOT NULL,
	`key_id` text NOT NULL,
	`user_id` text NOT NULL,
	`upload_id` text NOT NULL,
	`file_name` text NOT NULL,
	`state` text NOT NULL,
	`checkpoint` text,
	`bytes_done` integer DEFAULT 0 NOT NULL,
	`bytes_total` integer DEFAULT 0 NOT NULL,
	`lines` integer DEFAULT 0 NOT NULL,
	`added` integer DEFAULT 0 NOT NULL,
	`refused` integer DEFAULT 0 NOT NULL,
	`named` text NOT NULL,
	`error` text,
	`created_at` integer NOT NULL,
	`progress_at` integer NOT NULL,
	`finished_at` integer
);
--> statement-breakpoint
CREATE INDEX `blacklist_imports_key` ON `blacklist_imports` (`tenant_id`,`key_id`,`created_at`);--> statement-breakpoint
CREATE INDEX `blacklist_imports_state` ON `blacklist_imports` (`state`,`progress_at`);