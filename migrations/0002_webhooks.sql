CREATE TABLE `endpoints` (
	`id` text PRIMARY KEY NOT NULL,
	`tenant_id` text NOT NULL,
	`kind` text NOT NULL,
	`name` text NOT NULL,
	`url` text NOT NULL,
	`method` text NOT NULL,
	`headers_sealed` text NOT NULL,
	`events` text NOT NULL,
	`batch_max` integer NOT NULL,
	`enabled` integer NOT NULL,
	`trouble` text,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `endpoints_tenant` ON `endpoints` (`tenant_id`,`created_at`);--> statement-breakpoint
CREATE UNIQUE INDEX `endpoints_callback` ON `endpoints` (`tenant_id`,`url`) WHERE kind = 'callback';--> statement-breakpoint
CREATE TABLE `inbound_messages` (
	`id` text PRIMARY KEY NOT NULL,
	`tenant_id` text,
	`from_number` text NOT NULL,
	`to_number` text NOT NULL,
	`body` text NOT NULL,
	`parts` integer NOT NULL,
	`complete` integer NOT NULL,
	`opt_out` integer NOT NULL,
	`received_at` integer NOT NULL,
	`done_at` integer
);
--> statement-breakpoint
CREATE INDEX `inbound_tenant` ON `inbound_messages` (`tenant_id`,`received_at`);--> statement-breakpoint
CREATE INDEX `inbound_undone` ON `inbound_messages` (`received_at`) WHERE done_at IS NULL;--> statement-breakpoint
CREATE TABLE `inbound_parts` (
	`id` text PRIMARY KEY NOT NULL,
	`thread` text NOT NULL,
	`from_number` text NOT NULL,
	`to_number` text NOT NULL,
	`total` integer NOT NULL,
	`part` integer NOT NULL,
	`body` text NOT NULL,
	`received_at` integer NOT NULL,
	`joined` text
);
--> statement-breakpoint
CREATE INDEX `inbound_parts_thread` ON `inbound_parts` (`thread`);--> statement-breakpoint
CREATE INDEX `inbound_parts_time` ON `inbound_parts` (`received_at`);--> statement-breakpoint
CREATE TABLE `webhook_secrets` (
	`n` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`owner` text NOT NULL,
	`tenant_id` text NOT NULL,
	`sealed` text NOT NULL,
	`created_at` integer NOT NULL,
	`expires_at` integer
);
--> statement-breakpoint
CREATE INDEX `webhook_secrets_owner` ON `webhook_secrets` (`owner`);